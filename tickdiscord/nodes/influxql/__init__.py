"""InfluxQL's functions as nodes: aggregates, selectors, functions that give lists, transformations.

Each of the four has one module: a table with one entry a function, and how its results become points. All but the
transformations reduce windows: the points of a batch, or on a stream the points of one time.
"""
