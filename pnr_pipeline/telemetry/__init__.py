"""What is told of a running pipeline: log, metrics, traces. Counts, codes and times; nothing of a traveller."""
