"""Kafka as a store: how it is reached, its topics, what lies in them; kafka-python is imported here alone."""
