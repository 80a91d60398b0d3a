internal import Crypto
internal import Foundation
public import RollcallCore

/// Encrypts rows that are kept because they were refused, with a key that is not in the state database (AES-256-GCM).
public struct PayloadSealer: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// - Parameter secret: Any text; `openssl rand -base64 32` makes a good one.
    /// - Throws: a configuration error for a text of fewer than 16 characters.
    public init(_ secret: Secret) throws {
        let text = secret.reveal()
        guard text.count >= 16 else {
            throw RollcallError(
                .configuration,
                "the key for refused rows has \(text.count) characters, and 16 is the least",
                hint: "make one with `openssl rand -base64 32`"
            )
        }
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(text.utf8)),
            info: Array("rollcall rejects".utf8),
            outputByteCount: 32
        )
    }

    /// The row as an encrypted JSON object of its columns.
    public func seal(_ row: Int, of batch: Batch) -> [UInt8]? {
        var json: [UInt8] = []
        json.appendJSONObject(batch.schema) { batch.columns[$0][row] }
        // Fails only for texts of gigabytes and for nonces of other lengths than the default.
        return (try? AES.GCM.seal(json, using: key))?.combined.map { Array($0) }
    }

    /// The JSON object that was encrypted.
    ///
    /// - Throws: a configuration error where the row was encrypted with another key.
    public func open(_ payload: [UInt8]) throws -> String {
        do {
            let json = try AES.GCM.open(AES.GCM.SealedBox(combined: payload), using: key)
            return String(decoding: json, as: UTF8.self)
        } catch {
            throw RollcallError(
                .configuration,
                "a refused row cannot be decrypted with this key",
                hint: "set ROLLCALL_PAYLOAD_KEY to the key that the run had which kept it",
                cause: error
            )
        }
    }

    public var description: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
