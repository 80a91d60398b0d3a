internal import Foundation
internal import RollcallCore
internal import RollcallLedger

/// The key for refused rows, from the environment or a file.
enum PayloadKey {
    /// Nil where there is none: then refused rows are not kept.
    static func sealer(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> PayloadSealer? {
        if let key = environment["ROLLCALL_PAYLOAD_KEY"], !key.isEmpty { return try PayloadSealer(Secret(key)) }
        guard let file = environment["ROLLCALL_PAYLOAD_KEY_FILE"], !file.isEmpty else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw RollcallError(
                .configuration,
                "the file \(file) of ROLLCALL_PAYLOAD_KEY_FILE cannot be read",
                hint: "make it: `openssl rand -base64 32 > \(file)`, readable by this user only"
            )
        }
        return try PayloadSealer(Secret(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)))
    }
}
