/// A way from a value to one within it.
struct JSONPath: Sendable, Hashable {
    /// Names of members and, for arrays, indices of elements.
    let steps: [String]

    init(_ steps: [String]) {
        self.steps = steps
    }

    /// A JSON Pointer (RFC 6901): `/address/zip`; the empty text is the value itself.
    ///
    /// - Returns: Nil for text that is none.
    init?(pointer: String) {
        guard !pointer.isEmpty else {
            steps = []
            return
        }
        guard pointer.unicodeScalars.first == "/" else { return nil }
        var steps: [String] = []
        for part in pointer.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let step = Self.step(part) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    /// A JSON Pointer, or names with dots between them: `address.zip`.
    ///
    /// - Returns: Nil for text that is neither.
    init?(_ text: String) {
        if text.unicodeScalars.first == "/" {
            self.init(pointer: text)
        } else {
            let steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard !steps.contains("") else { return nil }
            self.init(steps)
        }
    }

    /// As a JSON Pointer.
    var pointer: String {
        steps.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// `~1` is a slash, and `~0` a tilde.
    private static func step(_ part: Substring.UnicodeScalarView.SubSequence) -> String? {
        var step = ""
        var isEscape = false
        for scalar in part {
            switch (isEscape, scalar) {
            case (true, "0"): step.unicodeScalars.append("~")
            case (true, "1"): step.unicodeScalars.append("/")
            case (true, _): return nil
            case (false, "~"): break
            default: step.unicodeScalars.append(scalar)
            }
            isEscape = !isEscape && scalar == "~"
        }
        return isEscape ? nil : step
    }
}
