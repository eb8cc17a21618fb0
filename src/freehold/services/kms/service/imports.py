"""Imported key material: brought wrapped under a key that was made for it.

https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
"""

from freehold.engines.keys import ciphers
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.kms import announcing, errors, keys, materials, rotation
from freehold.services.kms.catalogue import kms
from freehold.services.kms.errors import ValidationException
from freehold.services.kms.keys import Key
from freehold.services.kms.materials import Material
from freehold.services.kms.opening import opened

BITS = {"RSA_2048": 2_048, "RSA_3072": 3_072, "RSA_4096": 4_096}
ALGORITHMS = ("RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256")
TOKEN_BYTES = 64
VALID_S, EXPIRES_MAX_S = 86_400, 365 * 86_400
NEW, EXISTING = "NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"
ENDS = "KEY_MATERIAL_EXPIRES"


class Wrapping(Record, table="kms_wrappings", key="key token"):
    """An RSA key that material of a key may come wrapped under, until it expires; sealed in the vault."""

    key: str
    token: bytes
    algorithm: str
    sealed: bytes
    expires_at: float

    @property
    def place(self) -> str:
        return f"kms-wrapping:{self.key}:{self.token.hex()}"


def _open(call: Call, tx: Tx, request: Request, operation: str) -> tuple[Tx, Key]:
    seat, key = opened(call, tx, request["KeyId"], operation)
    if key.origin != keys.EXTERNAL:
        raise errors.OriginUnsupported(arn=keys.arn(seat, key.id), origin=key.origin)
    keys.check_state(seat, key, keys.DISABLED, keys.PENDING_IMPORT)
    return seat, key


@kms.operation(needs=OPEN)
async def get_parameters_for_import(call: Call, request: Request) -> Response:
    algorithm, spec = request["WrappingAlgorithm"], request["WrappingKeySpec"]
    await call.transact(lambda tx: _open(call, tx, request, "GetParametersForImport"))
    if algorithm not in ALGORITHMS or spec not in BITS:
        raise NotImplementedHere(service="kms", operation=f"wrapping by {algorithm} under {spec}")
    private = await call.compute(materials.make_rsa, BITS[spec])

    def keep(tx: Tx) -> Response:
        seat, key = _open(call, tx, request, "GetParametersForImport")
        for old in seat.range(Wrapping, key.id):
            if old.expires_at <= seat.now:
                seat.delete(Wrapping, old.key, old.token)
        row = Wrapping(
            key=key.id, token=seat.ids.bytes(TOKEN_BYTES), algorithm=algorithm, sealed=b"",
            expires_at=seat.now + VALID_S,
        )  # fmt: skip
        row.sealed = call.vault.seal(private, row.place)
        seat.put(row)
        return {
            "KeyId": keys.arn(seat, key.id), "ImportToken": row.token, "PublicKey": ciphers.public(private),
            "ParametersValidTo": row.expires_at,
        }  # fmt: skip

    return await call.transact(keep)


@kms.operation(needs=OPEN)
def import_key_material(call: Call, tx: Tx, request: Request) -> Response:
    ends_at = _ends_at(tx, request)
    seat, key = _open(call, tx, request, "ImportKeyMaterial")
    material = _unwrapped(call, seat, key, request)
    if not ciphers.fits(key.spec, key.kind.kind, key.kind.size, material):
        raise errors.IncorrectKeyMaterialException()
    row = _kept(call, seat, key, material, request)
    row.expires_at, row.description = ends_at, request.get("KeyMaterialDescription", row.description)
    seat.put(row)
    if ends_at:
        at(seat, ends_at, "kms", "material_expired", key=key.id, number=row.number, due_at=ends_at)
    told: Response = {"KeyId": keys.arn(seat, key.id)}
    return told | ({"KeyMaterialId": row.id} if key.symmetric else {})


@kms.internal
def material_expired(call: Call, tx: Tx, request: Request) -> None:
    """Tell of imported material that is over, unless it was imported anew."""
    row = materials.find(tx, request["key"], request["number"])
    if row and row.sealed and row.expires_at == request["due_at"]:
        announcing.tell(tx, announcing.EXPIRED, row.key)


def _ends_at(tx: Tx, request: Request) -> float | None:
    expires, ends_at = request.get("ExpirationModel", ENDS) == ENDS, request.get("ValidTo")
    if not expires:
        if ends_at is not None:
            raise ValidationException(reason=errors.VALID_TO_UNWANTED)
        return None
    if ends_at is None:
        raise ValidationException(reason=errors.VALID_TO_MISSING)
    if not tx.now < ends_at <= tx.now + EXPIRES_MAX_S:
        raise ValidationException(reason=errors.VALID_TO_OUTSIDE)
    return float(ends_at)


def _unwrapped(call: Call, tx: Tx, key: Key, request: Request) -> bytes:
    wrapping = tx.get(Wrapping, key.id, request["ImportToken"])
    if wrapping is None:
        raise errors.InvalidImportTokenException()
    if wrapping.expires_at <= tx.now:
        raise errors.ExpiredImportTokenException()
    private = call.vault.open(wrapping.sealed, wrapping.place)
    try:
        return ciphers.unwrap(private, wrapping.algorithm, request["EncryptedKeyMaterial"])
    except ciphers.Undecipherable as fault:
        raise errors.InvalidCiphertextException() from fault


def _kept(call: Call, tx: Tx, key: Key, material: bytes, request: Request) -> Material:
    """The row of the material: a new one for a key that has none or is to rotate to it, else the one it had."""
    id = ciphers.fingerprint(key.id, material)
    wanted = request.get("KeyMaterialId")
    if wanted and wanted != id:
        raise errors.IncorrectKeyMaterialException()
    known = next((row for row in tx.range(Material, key.id) if row.id == id), None)
    if known and request.get("ImportType", EXISTING) == EXISTING:
        materials.restore(tx, call.vault, known, material)
        return known
    if key.material and (request.get("ImportType", EXISTING) == EXISTING or not key.symmetric or known):
        raise errors.IncorrectKeyMaterialException()
    waiting = rotation.pending(tx, key)
    if waiting:
        raise errors.MaterialAlreadyPending(new=id, arn=keys.arn(tx, key.id), old=waiting.id)
    row = materials.add(tx, call.vault, key.id, material)
    if not key.material:
        for seat, one in keys.related(tx, key):
            one.material = row.number
            seat.put(one)
    return row


@kms.operation(needs=OPEN)
def delete_imported_key_material(call: Call, tx: Tx, request: Request) -> Response:
    """What the key was stays known, so that only the same can be brought back."""
    seat, key = _open(call, tx, request, "DeleteImportedKeyMaterial")
    wanted = request.get("KeyMaterialId")
    rows = seat.range(Material, key.id)
    row = next((one for one in rows if (one.id == wanted if wanted else one.number == key.material)), None)
    if row is None:
        if wanted:
            raise errors.IncorrectKeyMaterialException()
        return {"KeyId": keys.arn(seat, key.id)}
    row.sealed, row.expires_at = b"", None
    seat.put(row)
    told: Response = {"KeyId": keys.arn(seat, key.id)}
    return told | ({"KeyMaterialId": row.id} if key.symmetric else {})
