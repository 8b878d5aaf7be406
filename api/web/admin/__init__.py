"""The operator's pages: who is signed in, what a page has around it, and what is done by its forms."""
