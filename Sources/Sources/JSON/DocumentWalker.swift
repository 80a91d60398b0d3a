internal import RollcallCore

/// Finds the records of a document: the elements of one array in it.
///
/// Whatever stands around them is checked as JSON, and passed by in pieces of any size.
struct DocumentWalker {
    /// What comes next.
    enum Step {
        /// A record begins.
        case record
        /// A record that was to be passed over has ended.
        case passedOver
        /// What follows the text decides.
        case needsMore
        /// Nothing follows the document.
        case end
    }

    var state = DocumentState()

    /// How one gets from the document to the array.
    private let steps: [String]
    private let maxTokenBytes: Int
    /// How many containers are around a record that is passed over.
    private var passedOverDepth: Int?

    init(_ path: JSONPath, maxTokenBytes: Int) {
        steps = path.steps
        self.maxTokenBytes = maxTokenBytes
    }

    var isPassingOver: Bool { passedOverDepth != nil }

    /// Goes on from `place` to the next record or as far as the text goes; `place` is then behind what was passed by.
    mutating func next(_ text: Span<UInt8>, _ place: inout Int, isEnd: Bool) throws(JSONFault) -> Step {
        while true {
            do throws(JSONFault) {
                if let step = try pass(text, &place, isEnd: isEnd) { return step }
            } catch {
                guard error.kind == .cutOff, !isEnd else { throw error }
                return .needsMore
            }
        }
    }

    /// Notes that the record at which `next` stopped was scanned by somebody else.
    mutating func endRecord() {
        state.endValue()
    }

    /// Has the record at which `next` stopped passed over, in pieces.
    mutating func passOverRecord() {
        passedOverDepth = state.containers.count
    }

    /// Passes by the next token; where it does not, `place` and the state are as before.
    private mutating func pass(_ text: Span<UInt8>, _ place: inout Int, isEnd: Bool) throws(JSONFault) -> Step? {
        if state.isInString { return try passString(text, &place) }
        place = Lexis.passBlanks(text, place)
        guard place < text.count else { return try atEnd(place, isEnd: isEnd) }
        let byte = text[place]
        switch state.expects {
        case .value: return try passValue(text, &place, isEnd: isEnd)
        case .valueOrEnd:
            guard byte == Lexis.arrayEnd else { return try passValue(text, &place, isEnd: isEnd) }
            return close(&place)
        case .name, .nameOrEnd:
            if byte == Lexis.objectEnd, state.expects == .nameOrEnd { return close(&place) }
            try passName(text, &place)
        case .colon:
            guard byte == Lexis.colon else { throw JSONFault(kind: .colonDue, place: place) }
            state.expects = .value
            place += 1
        case .commaOrEnd:
            let isObject = state.containers.last == .object
            if byte == (isObject ? Lexis.objectEnd : Lexis.arrayEnd) { return close(&place) }
            guard byte == Lexis.comma else {
                throw JSONFault(kind: isObject ? .memberEndDue : .elementEndDue, place: place)
            }
            state.expects = isObject ? .name : .value
            place += 1
        case .nothing: throw JSONFault(kind: .textBehind, place: place)
        }
        return nil
    }

    private func atEnd(_ place: Int, isEnd: Bool) throws(JSONFault) -> Step {
        guard isEnd else { return .needsMore }
        guard state.expects == .nothing else { throw JSONFault(kind: .cutOff, place: place) }
        guard state.hasFoundRecords else { throw JSONFault(kind: .noRecords, place: place) }
        return .end
    }

    private mutating func passName(_ text: Span<UInt8>, _ place: inout Int) throws(JSONFault) {
        guard text[place] == Lexis.quote else { throw JSONFault(kind: .nameDue, place: place) }
        let reach = reach(of: text, from: place)
        let end: Int
        do throws(JSONFault) {
            var isEscaped = false
            end = try Lexis.stringEnd(text.extracting(..<reach), from: place + 1, isEscaped: &isEscaped)
        } catch {
            throw reach < text.count ? longToken(error, at: place) : error
        }
        let depth = state.containers.count
        state.isNameOnPath = false
        if !isPassingOver, state.onPath == depth, depth <= steps.count {
            let name = JSONString.unescaped(text.extracting(place + 1..<end))
            state.isNameOnPath = name.elementsEqual(steps[depth - 1].utf8)
        }
        state.expects = .colon
        place = end + 1
    }

    private mutating func passValue(_ text: Span<UInt8>, _ place: inout Int, isEnd: Bool) throws(JSONFault) -> Step? {
        let depth = state.containers.count
        guard !isPassingOver, state.onPath == depth else { return try enter(text, &place, isEnd: isEnd) }
        if depth == steps.count + 1 { return .record }
        guard leadsToRecords else {
            let step = try enter(text, &place, isEnd: isEnd)
            state.elementCount += 1
            return step
        }
        if state.hasFoundRecords { throw JSONFault(kind: .repeatedPath, place: place) }
        if depth == steps.count {
            guard text[place] == Lexis.arrayStart else { throw JSONFault(kind: .noArray, place: place) }
            state.hasFoundRecords = true
        }
        let step = try enter(text, &place, isEnd: isEnd)
        if state.containers.count > depth {
            state.onPath += 1
            state.elementCount = 0
        } else {
            state.elementCount += 1
        }
        return step
    }

    /// Whether the value that comes next is the records, or holds them.
    private var leadsToRecords: Bool {
        switch state.containers.last {
        case nil: true
        case .object: state.isNameOnPath
        case .array: !state.hasFoundRecords && String(state.elementCount) == steps[state.containers.count - 1]
        }
    }

    /// Passes by a value, or the beginning of one that may be long.
    private mutating func enter(_ text: Span<UInt8>, _ place: inout Int, isEnd: Bool) throws(JSONFault) -> Step? {
        switch text[place] {
        case Lexis.objectStart: try open(.object, &place)
        case Lexis.arrayStart: try open(.array, &place)
        case Lexis.quote:
            state.isInString = true
            place += 1
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            place = try numberEnd(text, place, isEnd: isEnd)
            return endValue()
        case UInt8(ascii: "t"):
            place = try Lexis.passWord("true", text, place)
            return endValue()
        case UInt8(ascii: "f"):
            place = try Lexis.passWord("false", text, place)
            return endValue()
        case UInt8(ascii: "n"):
            place = try Lexis.passWord("null", text, place)
            return endValue()
        default: throw JSONFault(kind: .valueDue, place: place)
        }
        return nil
    }

    private mutating func open(_ container: DocumentState.Container, _ place: inout Int) throws(JSONFault) {
        guard state.containers.count < Lexis.maxDepth else { throw JSONFault(kind: .tooDeep, place: place) }
        state.open(container)
        place += 1
    }

    private mutating func close(_ place: inout Int) -> Step? {
        state.close(steps)
        place += 1
        return stepBehindValue()
    }

    private mutating func endValue() -> Step? {
        state.endValue()
        return stepBehindValue()
    }

    private mutating func stepBehindValue() -> Step? {
        guard passedOverDepth == state.containers.count else { return nil }
        passedOverDepth = nil
        return .passedOver
    }

    /// Passes by the text of a string to its end, or as far as it is there.
    private mutating func passString(_ text: Span<UInt8>, _ place: inout Int) throws(JSONFault) -> Step? {
        while true {
            place = text.plainJSONEnd(from: place)
            switch try Lexis.byte(text, place) {
            case Lexis.quote:
                state.isInString = false
                place += 1
                return endValue()
            case Lexis.backslash: place = try Lexis.passEscape(text, place)
            default: throw JSONFault(kind: .controlCharacter, place: place)
            }
        }
    }

    private func numberEnd(_ text: Span<UInt8>, _ place: Int, isEnd: Bool) throws(JSONFault) -> Int {
        let reach = reach(of: text, from: place)
        do throws(JSONFault) {
            let end = try Lexis.numberEnd(text.extracting(..<reach), from: place, isEnd: isEnd && reach == text.count)
            guard end - place <= maxTokenBytes else { throw JSONFault(kind: .longToken, place: place) }
            return end
        } catch {
            throw reach < text.count ? longToken(error, at: place) : error
        }
    }

    /// What is not passed by in pieces must fit into memory: a name or a number, and the byte that ends it, are looked for so far only,
    /// wherever the text was cut into pieces.
    private func reach(of text: Span<UInt8>, from place: Int) -> Int {
        min(text.count, place + maxTokenBytes + 1)
    }

    /// What was cut off by the reach is too long.
    private func longToken(_ fault: JSONFault, at place: Int) -> JSONFault {
        fault.kind == .cutOff ? JSONFault(kind: .longToken, place: place) : fault
    }
}
