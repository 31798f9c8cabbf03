"""Who may receive which hit, on which legal basis."""

from pnr_pipeline.routing.table import Refused, Routed, RoutingRule, RoutingTable
from pnr_pipeline.routing.units import Unit

__all__ = ["Refused", "Routed", "RoutingRule", "RoutingTable", "Unit"]
