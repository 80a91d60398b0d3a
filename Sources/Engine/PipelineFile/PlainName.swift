/// What commands, logs and checkpoints call something: 1 to 100 ASCII letters, digits, `-`, `_` or `.`.
enum PlainName {
    /// Nil where it is good, else the end of the sentence "`name` …".
    static func fault(_ name: String) -> String? {
        let isGood =
            (1...100).contains(name.count)
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        return isGood ? nil : "must be 1 to 100 letters, digits, `-`, `_` or `.`"
    }
}
