# For programs made of a few source files, without the package: the files of a parser, and what they stand on.

csv_parser=(Sources/Sources/CSV/{RowScanner,RowScanner+Limits,MarkFinder,Dialect,RawRow,RawCell,RowFlaw}.swift)
json_parser=(Sources/Sources/JSON/{RecordFinder,RecordRules,RecordScanner,FoundRecord,DocumentWalker,DocumentState}.swift
    Sources/Sources/JSON/{Lexis,JSONFault,JSONPath,JSONString,PathTree,RawValue}.swift)

# standalone FOLDER MODULE CORE-OPTION… -- OPTION-OR-FILE…: makes FOLDER/MODULE.
standalone() {
    local folder=$1 module=$2 core_options=() core compile=(swiftc -O -swift-version 6 -parse-as-library)
    shift 2
    while [[ $1 != -- ]]; do
        core_options+=("$1")
        shift
    done
    shift
    mkdir -p "$folder"
    mapfile -t core < <(find Sources/Core -name '*.swift')
    "${compile[@]}" "${core_options[@]}" -module-name RollcallCore -emit-module -emit-module-path "$folder/RollcallCore.swiftmodule" \
        -emit-library -static -package-name rollcall -o "$folder/libRollcallCore.a" "${core[@]}"
    "${compile[@]}" -module-name "$module" -I "$folder" -L "$folder" -lRollcallCore -o "$folder/$module" "$@"
}
