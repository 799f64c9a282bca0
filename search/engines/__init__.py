"""The engines: embedded tantivy, or Elasticsearch when its address is set."""
