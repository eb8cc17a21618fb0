"""The keyring: whose a key is, and what its owner may do. The door asks here for every signed request.

One idea: users' keys are looked up, sessions are read from their own tokens, and neither's secret is stored (see
`freehold.services.iam.keys`). A session therefore outlives restarts, holds on every node, ends by its own date, and is
verified by two digests in memory; as in AWS it cannot be called back, but what it may do is read anew whenever the
account's identities change. It may not know what is asked for.
"""

from collections import OrderedDict

from freehold.engines import sessions
from freehold.kernel.call import Call
from freehold.kernel.identity import USER, Credential, Principal
from freehold.kernel.store import Tx
from freehold.services.iam import keys, standing
from freehold.services.iam.entities import User, arn_of
from freehold.services.iam.errors import ExpiredToken, InvalidClientTokenId
from freehold.services.iam.standing import Grants, Standing

HELD_MAX = 10_000


class Keyring:
    """The `Authority` of `freehold.kernel.identity`."""

    def __init__(self) -> None:
        self._master = b""
        self._held: OrderedDict[Principal, tuple[int, Grants]] = OrderedDict()

    def credential(self, tx: Tx, access_key: str, token: str) -> Credential | None:
        """The credential of a key that this cloud made, or None of another's.

        Raises InvalidClientTokenId for one that is deleted, inactive, or comes with the wrong token, and ExpiredToken.
        """
        self._master = self._master or keys.kept_master(tx)
        if not self._master:
            return None
        found = self._of_session(tx, access_key, token) if token else self._of_user(tx, access_key)
        if found is None and sessions.minted(self._master, access_key):
            raise InvalidClientTokenId
        return found

    def _of_session(self, tx: Tx, access_key: str, token: str) -> Credential | None:
        claims = sessions.unseal(self._master, token)
        if claims is None or claims["key"] != access_key:
            return None
        if claims["expires_at"] <= tx.now:
            raise ExpiredToken
        secret = sessions.secret(self._master, access_key, token)
        return Credential(secret, Principal(**claims["principal"]), token, claims["expires_at"])

    def _of_user(self, tx: Tx, access_key: str) -> Credential | None:
        key = tx.get(keys.AccessKey, access_key)
        if key is None or key.status != keys.ACTIVE:
            return None
        home = tx.within(key.account)
        user = home.get(User, key.owner)
        if user is None:
            return None
        keys.note_use(tx, key)
        principal = Principal(USER, key.account, arn_of(home, user), user.id)
        return Credential(sessions.secret(self._master, access_key), principal)

    def grants(self, tx: Tx, principal: Principal) -> Grants:
        """All that a principal holds, kept in memory until an identity of its account changes, on whichever node."""
        now = standing.epoch(tx.within(principal.account))
        held = self._held.get(principal)
        if held is None or held[0] != now:
            held = self._held[principal] = (now, standing.gather(tx, principal))
            if len(self._held) > HELD_MAX:
                self._held.popitem(last=False)
        self._held.move_to_end(principal)
        return held[1]

    def standing(self, tx: Tx, call: Call) -> Standing:
        """What a call's principal holds, with the condition keys of the call; weighed by `Standing.weigh`."""
        return standing.standing(call, self.grants(tx, call.principal))
