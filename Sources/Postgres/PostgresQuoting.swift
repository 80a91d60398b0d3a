/// Names made safe for SQL text.
///
/// Values never go into SQL text: pass them as parameters.
public enum PostgresQuoting {
    /// `name` as one quoted identifier, taken exactly, upper and lower case included: `Order` becomes `"Order"`.
    ///
    /// A dot is part of the name. Throws for an empty name and for NUL, which no identifier can contain.
    public static func identifier(_ name: String) throws -> String {
        guard !name.isEmpty else { throw PostgresError(.misuse, "an SQL name is empty") }
        guard !name.utf8.contains(0) else { throw PostgresError(.misuse, "an SQL name contains a NUL character") }
        return "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }

    /// A table name with or without its schema, quoted part by part: `crm.leads` becomes `"crm"."leads"`.
    ///
    /// Each part is taken exactly, upper and lower case included. A part that contains a dot is written in double quotes, as
    /// in SQL: `crm."leads.2025"`.
    public static func qualifiedName(_ name: String) throws -> String {
        try parts(of: name).map(identifier).joined(separator: ".")
    }

    private static func parts(of name: String) throws -> [String] {
        var parts: [String] = []
        var rest = Substring(name)
        while true {
            if rest.first == "\"" {
                parts.append(try takeQuoted(from: &rest, of: name))
            } else {
                let part = rest.prefix { $0 != "." }
                rest = rest[part.endIndex...]
                parts.append(String(part))
            }
            guard let next = rest.first else { return parts }
            guard next == "." else {
                throw PostgresError(
                    .misuse,
                    "the name \(name) has text after a closing quote; put a dot between its parts"
                )
            }
            rest.removeFirst()
        }
    }

    private static func takeQuoted(from rest: inout Substring, of name: String) throws -> String {
        rest.removeFirst()
        var part = ""
        while let end = rest.firstIndex(of: "\"") {
            part += rest[..<end]
            rest = rest[rest.index(after: end)...]
            guard rest.first == "\"" else { return part }
            part.append("\"")
            rest.removeFirst()
        }
        throw PostgresError(.misuse, "the name \(name) has an opening quote and no closing one")
    }
}
