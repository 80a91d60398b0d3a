/// Where text is not JSON, and why.
struct JSONFault: Error, Equatable {
    /// What is wrong there.
    enum Kind: UInt8, Equatable {
        case valueDue
        case nameDue
        case colonDue
        case memberEndDue
        case elementEndDue
        case badNumber
        case badEscape
        case loneSurrogate
        case controlCharacter
        case tooDeep
        case textBehind
        /// The text ends in the middle of a value.
        case cutOff
        case illFormed
        /// Where the records are to be is something else than an array.
        case noArray
        /// Nothing is where the records are to be.
        case noRecords
        /// What leads to the records stands there twice.
        case repeatedPath
        /// A name or a number is longer than a record may be.
        case longToken
    }

    let kind: Kind
    /// In the text that was looked at.
    let place: Int

    /// Stable and fit for grouping.
    var code: String {
        switch kind {
        case .loneSurrogate: "lone_surrogate"
        case .tooDeep: "too_deep"
        case .cutOff: "cut_off"
        case .illFormed: "ill_formed_text"
        default: "malformed"
        }
    }

    var words: String {
        switch kind {
        case .valueDue: "a value is due"
        case .nameDue: "a name in double quotes is due"
        case .colonDue: "a colon is due behind a name"
        case .memberEndDue: "a comma or the object's end is due"
        case .elementEndDue: "a comma or the array's end is due"
        case .badNumber: "this is no number as JSON writes it"
        case .badEscape: "there is no such escape in a string"
        case .loneSurrogate: "this is half of a surrogate pair, and no character"
        case .controlCharacter: "a control character in a string must be escaped"
        case .tooDeep: "values are nested deeper than \(Lexis.maxDepth)"
        case .textBehind: "something follows the value"
        case .cutOff: "the text ends in the middle of a value"
        case .illFormed: "there are bytes that are no text in the file's `encoding`"
        case .noArray: "this is no array, and the records are to be in one"
        case .noRecords: "the document has nothing at the place that `records_at` names"
        case .repeatedPath: "a name that leads to the records stands in its object twice"
        case .longToken: "a name or a number is longer than a record may be (`max_record_bytes`)"
        }
    }
}
