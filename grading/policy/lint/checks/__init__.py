"""The checks of lint, a file for each; a check yields a problem for each place that it finds."""
