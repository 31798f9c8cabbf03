"""What is written down about every act: entries and their canonical bytes; pure."""
