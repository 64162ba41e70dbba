"""What can go wrong between a person and the portal, by the answer it deserves."""


class PortalError(Exception):
    """`reason` is a lazy sentence for the reader; it must not reveal what they may not see.

    `link` is an address of the portal and its text: where to go on from here.
    """

    status = 500

    def __init__(self, reason: object = None, *, link: tuple[str, object] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.link = link


class NotSignedIn(PortalError):
    status = 401


class NotAllowed(PortalError):
    """Visible, but not theirs to do."""

    status = 403


class NotFound(PortalError):
    """It does not exist, or they may not know that it does: the same answer."""

    status = 404


class Conflict(PortalError):
    """Theirs to do, but at the wrong moment."""

    status = 409


class TooLarge(PortalError):
    status = 413


class TooMany(PortalError):
    status = 429


class ConfigurationError(Exception):
    """A setting or an argument is wrong; the command line prints the sentence and exits with 2."""
