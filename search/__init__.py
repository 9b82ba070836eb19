"""One search for both sites: the registry in which apps declare their documents and permissions, the engines, the indexing."""
