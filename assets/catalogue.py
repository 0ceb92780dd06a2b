"""All assets, in the order of the way of the data."""

from assets.deliveries import DELIVERY_ASSETS
from assets.parts import PART_ASSETS
from assets.publication import statistics_file
from assets.request import request_package
from assets.statistics import STATISTICS_ASSETS

ALL_ASSETS = [*DELIVERY_ASSETS, *PART_ASSETS, *STATISTICS_ASSETS, statistics_file, request_package]
