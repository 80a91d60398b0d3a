internal import Foundation

/// The body of an error answer, as far as it can be read: any field may be missing or of another type.
struct ErrorBody: Decodable {
    struct Limit: Decodable {
        let key: String?
        let namespace: String?
        let value: String?

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            key = try? fields.decode(String.self, forKey: .key)
            namespace = try? fields.decode(String.self, forKey: .namespace)
            value =
                (try? fields.decode(String.self, forKey: .value))
                ?? (try? fields.decode(Int.self, forKey: .value)).map { String($0) }
        }

        private enum CodingKeys: String, CodingKey {
            case key
            case namespace
            case value
        }
    }

    let message: String?
    let code: String?
    let contextID: String?
    let permissions: String?
    let limit: Limit?

    /// Nil if the body is not a JSON object: empty, or a gateway's HTML.
    init?(_ bytes: [UInt8]) {
        guard let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(bytes)) else { return nil }
        self = body
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        message = try? fields.decode(String.self, forKey: .message)
        code = (try? fields.decode(String.self, forKey: .code)).flatMap(Self.name)
        contextID = try? fields.decode(String.self, forKey: .contextID)
        permissions = (try? fields.decode([String: String].self, forKey: .messageParams))?["permissions"]
        limit = try? fields.decode(Limit.self, forKey: .limit)
    }

    /// The permissions (`domain:entity:action`) that the body names, in its order.
    var permissionNames: [String] {
        var names: [String] = []
        for text in [permissions, message] {
            let words = text?.split { !($0.isLetter && $0.isASCII) && !"*:_".contains($0) } ?? []
            for word in words where word.split(separator: ":").count == 3 && !names.contains(String(word)) {
                names.append(String(word))
            }
        }
        return names
    }

    /// The text if it can be the name of something and not a sentence, which might repeat personal data.
    static func name(_ text: String) -> String? {
        let isName = (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { isNameByte($0) }
        return isName ? text : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    private enum CodingKeys: String, CodingKey {
        case message
        case code
        case contextID = "contextId"
        case messageParams
        case limit
    }
}
