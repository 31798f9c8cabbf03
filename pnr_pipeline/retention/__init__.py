"""What is masked and deleted, when, by which article."""
