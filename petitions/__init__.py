"""网上咨询和投诉, the citizen's side: submit, receipt, follow."""
