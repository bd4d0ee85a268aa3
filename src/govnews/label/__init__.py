"""Annotate in Label Studio: texts pushed to a server, and what people made of them pulled back."""
