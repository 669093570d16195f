"""Benchmarks of search and of the directory page against other engines. See ``bench/README.md``; not installed."""
