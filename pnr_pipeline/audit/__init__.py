"""What is written down about every act: entries, their canonical bytes, the tree over them, its tiles, signatures and
proofs, and their verification; pure."""

from pnr_pipeline.audit.access import Access
from pnr_pipeline.audit.entry import MOST_REFERENCES, Act, Entry, Purpose, canonical
from pnr_pipeline.audit.tree import leaf_hash, merkle_root, node_hash

__all__ = [
    "MOST_REFERENCES",
    "Access",
    "Act",
    "Entry",
    "Purpose",
    "canonical",
    "leaf_hash",
    "merkle_root",
    "node_hash",
]
