"""What is written down about every act: entries, their canonical bytes and the tree over them; pure."""

from pnr_pipeline.audit.access import Access
from pnr_pipeline.audit.entry import Act, Entry, Purpose, canonical
from pnr_pipeline.audit.tree import leaf_hash, merkle_root, node_hash

__all__ = ["Access", "Act", "Entry", "Purpose", "canonical", "leaf_hash", "merkle_root", "node_hash"]
