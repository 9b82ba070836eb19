"""网上调查: questionnaires that editors build, anonymous answers, charts of results, selective publication."""
