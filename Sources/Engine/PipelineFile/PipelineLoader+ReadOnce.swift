internal import RollcallCore

extension PipelineLoader {
    /// What would read the sources of a pipeline twice, where one of them is gone once it was read.
    func readOnceProblems(
        _ sources: SourceList,
        _ transforms: [Component<any Transform>],
        _ removal: Removal?,
        _ settings: Settings
    ) -> [Problem] {
        guard let member = sources.members.first(where: { !$0.component.plugin.canBeReadAgain }) else { return [] }
        let fact = "those of the source can be read only once (line \(member.component.location.line))"
        let hint = "write them to a file first, and name that in the source"
        var problems = transforms.filter(\.plugin.surveysRows).map { step in
            Problem(
                "must see all rows before the first one goes on, and \(fact)",
                hint: hint,
                of: step.title,
                at: step.location
            )
        }
        if let removal {
            let message = "is `\(removal.rawValue)`, for which a run reads the rows twice, and \(fact)"
            problems.append(settings.problem(Pipeline.Setting.onMissing, message, hint: "\(hint); or leave this out"))
        }
        return problems
    }
}
