"""How the two sites are set up, run and tested: on a developer's machine (``local``) and on servers."""
