"""Adapters: SQL, keystore, rule files, list snapshots."""
