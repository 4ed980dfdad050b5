"""Downloads: tables, evidence bundles, the feed."""
