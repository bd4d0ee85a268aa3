"""govnews: turn Chinese local-government writing into data."""

from importlib.metadata import version as _version

__version__ = _version("govnews")
