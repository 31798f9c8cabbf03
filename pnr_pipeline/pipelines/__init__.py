"""Options, sources and the graph."""
