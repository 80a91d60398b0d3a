import Foundation
import Hummingbird

/// The query of a request, or a form: names and values decoded, `+` read as a space.
struct Query {
    private let items: [(name: String, value: String)]

    init(_ request: Request) {
        self.init(request.uri.query ?? "")
    }

    init(_ text: String) {
        items = text.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decode(parts[0]), parts.count > 1 ? Self.decode(parts[1]) : "")
        }
    }

    /// The first value of a name; nil if it is missing or empty.
    func text(_ name: String) -> String? {
        texts(name).first
    }

    /// All values of a name that is repeated.
    func texts(_ name: String) -> [String] {
        items.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    func flag(_ name: String) throws -> Bool {
        guard let text = text(name) else { return false }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw Self.invalid(name, text)
        }
    }

    func number(_ name: String, in range: ClosedRange<Int>, default: Int) throws -> Int {
        guard let text = text(name) else { return `default` }
        guard let number = Int(text), range.contains(number) else { throw Self.invalid(name, text) }
        return number
    }

    static func invalid(_ name: String, _ value: String) -> APIError {
        .badRequest("invalid.query.param.value", "Value [\(value)] is not valid for query parameter [\(name)].")
    }

    private static func decode(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}
