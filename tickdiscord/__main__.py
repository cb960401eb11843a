"""`python -m tickdiscord` is `tickdiscord`."""

from tickdiscord.cli.main import main

if __name__ == "__main__":
    main()
