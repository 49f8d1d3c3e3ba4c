"""Tests of the pass library; none of them needs a server."""
