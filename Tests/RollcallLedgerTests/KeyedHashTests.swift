import Crypto
import Testing

@testable import RollcallLedger

@Suite struct KeyedHashTests {
    /// Of the bytes 0, 1, 2, … under the key 0, 1, … 15: `vectors_sip128` of SipHash's authors.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (63, "5150d1772f50834a503e069a973fbd7c"),
    ])
    func itIsSipHash(length: Int, expected: String) {
        let key = SIMD16<UInt8>(0..<16)
        let message = (0..<length).map { UInt8($0) }
        let hash = KeyedHash(key: key).hash(of: message.span)
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: hash[$0 / 8] >> (8 * ($0 % 8))) }
        #expect(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == expected)
    }

    @Test func eachKindOfMessageHasAKeyOfItsOwn() throws {
        let installation = Array(UInt8(1)...32)
        let code = HMAC<SHA256>.authenticationCode(for: Array("row".utf8), using: SymmetricKey(data: installation))
        let message: [UInt8] = [7, 8, 9]
        let hash = KeyedHash(try DigestKey(installation), of: Array("row".utf8)).hash(of: message.span)
        #expect(hash == KeyedHash(key: SIMD16(code.prefix(16))).hash(of: message.span))
        #expect(hash != KeyedHash(try DigestKey(installation), of: Array("source".utf8)).hash(of: message.span))
    }
}
