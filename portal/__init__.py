"""The public site: pages, columns, the CMS for unit editors."""
