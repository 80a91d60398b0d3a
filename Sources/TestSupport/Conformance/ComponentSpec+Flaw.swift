internal import RollcallCore

extension ComponentSpec {
    /// The first thing that a user of `rollcall describe` would miss; nil where nothing is.
    func flaw(as kind: Kind) -> String? {
        if self.kind != kind { return "it is the spec of a \(self.kind.rawValue)" }
        if !name.isIdentifier { return "the name \"\(name)\" is not made of small letters, digits and `_`" }
        if summary.isEmpty { return "the summary is empty" }
        if !example.contains("type: \(name)") { return "the example has no `type: \(name)`" }
        var names: Set<String> = []
        for field in fields {
            if !field.name.isIdentifier {
                return "the setting \"\(field.name)\" is not made of small letters, digits and `_`"
            }
            if !names.insert(field.name).inserted || field.name == "type" {
                return "the name of the setting `\(field.name)` is taken"
            }
            if field.doc.isEmpty { return "nothing is said of the setting `\(field.name)`" }
        }
        return nil
    }
}

extension String {
    /// Whether it is a name as settings, plug-ins and codes have them.
    var isIdentifier: Bool {
        first?.isLetter == true
            && unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    }
}
