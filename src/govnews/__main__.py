"""`python -m govnews` is `govnews`."""

from govnews.cli.main import main

if __name__ == "__main__":
    main()
