internal import RollcallFiles

/// A place between two records of the files of a JSON source.
struct JSONPosition: Codable, Equatable {
    var files: FilesPosition
    /// Where in the current file.
    var place: RecordFinder.State
}
