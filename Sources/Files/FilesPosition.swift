/// A place in the texts of several files that are read one after the other; a part of a source's position.
package struct FilesPosition: Codable, Sendable, Hashable {
    /// How many files were read to their ends, and a digest of their names and texts.
    package var done = 0
    package var doneDigest = ""
    /// The file behind these; nil where it was not begun.
    package var file: String?
    /// How many bytes of its text were passed by, and their digest.
    package var offset = 0
    package var digest: String?

    package init() {}

    package enum CodingKeys: String, CodingKey {
        case done
        case doneDigest = "done_digest"
        case file
        case offset
        case digest
    }
}
