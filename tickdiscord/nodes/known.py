"""What Kapacitor has and tickdiscord has not: a reason for each, so that the error can say more than "unknown"."""

from collections.abc import Mapping

ELSEWHERE = "it acts on a cluster that tickdiscord has no connection to"

UNSUPPORTED: Mapping[str, str] = {
    "k8sAutoscale": ELSEWHERE,
    "swarmAutoscale": ELSEWHERE,
    "ec2Autoscale": ELSEWHERE,
    "sideload": "it reads files beside the running Kapacitor",
    "queryFlux": "it asks an InfluxDB for its points",
    "trickle": "it turns batches of a query into a stream",
}
"""Nodes, by the name a script writes behind `|`."""
