"""How places on Earth are written.

Spec: RFC 5870 (geo URIs), section 3.3.
"""

from __future__ import annotations

from typing import Final

_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_PARAMETER = r";[A-Za-z0-9-]+(=([A-Za-z0-9\[\]:&+$_.!~*'()-]|%[0-9A-Fa-f]{2})+)?"
GEO: Final = rf"^geo:{_NUMBER}(,{_NUMBER}){{1,2}}({_PARAMETER})*$"
"""A whole geo URI: latitude, longitude, perhaps altitude, perhaps parameters."""
