"""A pipeline as a picture: its nodes and edges, with what went over them, in several forms."""
