import Crypto
import RollcallTestSupport
import Testing

@testable import RollcallLedger

@Suite struct KeyedHashTests {
    /// Blocks have 64 bytes, so lengths about their borders matter, and longer keys are hashed first.
    @Test(arguments: [16, 32, 63, 64, 65, 200]) func itIsTheHMACOfTheLibrary(keyLength: Int) throws {
        var random = SeededGenerator(seed: UInt64(keyLength))
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
        let key = bytes(keyLength)
        for length in 0...200 {
            let (beginning, message) = (bytes(length % 7 * 11), bytes(length))
            let code = HMAC<SHA256>.authenticationCode(for: beginning + message, using: SymmetricKey(data: key))
            let digest = KeyedHash(try DigestKey(key), beginning: beginning).digest(of: message.span)
            #expect(digest.bytes == Array(code.prefix(16)))
        }
    }
}
