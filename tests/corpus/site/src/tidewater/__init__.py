"""Tidewater predicts tides.

Start with [`predict`][tidewater.core.predict], which takes a [`Station`][tidewater.stations.Station].
"""

from tidewater.core import predict
from tidewater.stations import Station

__all__ = ["Station", "predict"]
