import Diagnostics
import Testing

/// JSON, SARIF and GitHub's commands, each as a whole output.
@Suite("Formats for machines") struct MachineFormatsTests {
  private static let file = SourceFile(
    path: "my specs/faces.yaml", text: "dcgan: 1\nimage: {sise: 64}\n")
  private static let code = DiagnosticCode(rawValue: "S202")

  private static func span(_ line: Int, _ columns: Range<Int>) -> SourceSpan {
    SourceSpan(
      file: file, start: SourcePosition(line: line, column: columns.lowerBound),
      end: SourcePosition(line: line, column: columns.upperBound))
  }

  private let misspelled = Diagnostic(
    code, .error, "`image` has no option `sise`: 100% \"sure\"\n", at: span(2, 9..<13),
    label: "here",
    secondary: [.init(span: span(1, 1..<6), text: "a, b"), .init(span: span(1, 8..<9), text: "")],
    notes: ["a note"], repairs: [Repair("did you mean `size`?", .safe, span(2, 9..<13), "size")])

  private let declared = Diagnostic(
    DiagnosticCode(rawValue: "G513"), .advice, "a batch is 32", at: span(1, 1..<6),
    suppression: "memory")

  @Test func `JSON has everything`() {
    #expect(
      JSONRenderer().render([misspelled, declared]) == """
        {
          "version": 1,
          "counts": {"error": 1, "warning": 0, "advice": 0, "note": 0},
          "diagnostics": [
            {
              "code": "G513",
              "severity": "advice",
              "message": "a batch is 32",
              "span": {
                "file": "my specs/faces.yaml",
                "start": {"line": 1, "column": 1},
                "end": {"line": 1, "column": 6}
              },
              "label": "",
              "secondary": [],
              "notes": [],
              "help": [],
              "repairs": [],
              "suppressed": "memory"
            },
            {
              "code": "S202",
              "severity": "error",
              "message": "`image` has no option `sise`: 100% \\"sure\\"\\n",
              "span": {
                "file": "my specs/faces.yaml",
                "start": {"line": 2, "column": 9},
                "end": {"line": 2, "column": 13}
              },
              "label": "here",
              "secondary": [
                {
                  "span": {
                    "file": "my specs/faces.yaml",
                    "start": {"line": 1, "column": 1},
                    "end": {"line": 1, "column": 6}
                  },
                  "label": "a, b"
                },
                {
                  "span": {
                    "file": "my specs/faces.yaml",
                    "start": {"line": 1, "column": 8},
                    "end": {"line": 1, "column": 9}
                  },
                  "label": ""
                }
              ],
              "notes": ["a note"],
              "help": ["did you mean `size`?"],
              "repairs": [
                {
                  "title": "did you mean `size`?",
                  "safety": "safe",
                  "edits": [
                    {
                      "span": {
                        "file": "my specs/faces.yaml",
                        "start": {"line": 2, "column": 9},
                        "end": {"line": 2, "column": 13}
                      },
                      "replacement": "size"
                    }
                  ]
                }
              ],
              "suppressed": null
            }
          ]
        }

        """)
  }

  @Test func `JSON without problems is an object too`() {
    #expect(
      JSONRenderer().render([]) == """
        {
          "version": 1,
          "counts": {"error": 0, "warning": 0, "advice": 0, "note": 0},
          "diagnostics": []
        }

        """)
  }

  @Test func `JSON escapes what RFC 8259 asks for`() {
    #expect("\"\\\n\r\t\u{1}\u{7F}é🙂".quoted == "\"\\\"\\\\\\n\\r\\t\\u0001\\u007fé🙂\"")
  }

  @Test func `SARIF has rules, fixes and suppressions`() {
    let renderer = SARIFRenderer { code in
      code == Self.code
        ? CodeEntry("unknown", "It is not known.", example: "", source: "us") : nil
    }
    #expect(
      renderer.render([misspelled, declared]) == """
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "version": "2.1.0",
          "runs": [
            {
              "tool": {
                "driver": {
                  "name": "dcgan-compile",
                  "version": "\(ToolVersion.text)",
                  "rules": [
                    {"id": "G513"},
                    {
                      "id": "S202",
                      "shortDescription": {"text": "unknown"},
                      "fullDescription": {"text": "It is not known."},
                      "help": {"text": "It is not known. Source: us."}
                    }
                  ]
                }
              },
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "ruleId": "G513",
                  "ruleIndex": 0,
                  "level": "note",
                  "message": {"text": "a batch is 32"},
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {"uri": "my%20specs/faces.yaml"},
                        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6}
                      }
                    }
                  ],
                  "suppressions": [{"kind": "inSource", "justification": "memory"}],
                  "properties": {"severity": "advice"}
                },
                {
                  "ruleId": "S202",
                  "ruleIndex": 1,
                  "level": "error",
                  "message": {
                    "text": "`image` has no option `sise`: 100% \\"sure\\"\\n\\nnote: a note\\nhelp: did you mean `size`?"
                  },
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {"uri": "my%20specs/faces.yaml"},
                        "region": {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 13}
                      },
                      "message": {"text": "here"}
                    }
                  ],
                  "relatedLocations": [
                    {
                      "id": 0,
                      "physicalLocation": {
                        "artifactLocation": {"uri": "my%20specs/faces.yaml"},
                        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6}
                      },
                      "message": {"text": "a, b"}
                    },
                    {
                      "id": 1,
                      "physicalLocation": {
                        "artifactLocation": {"uri": "my%20specs/faces.yaml"},
                        "region": {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 9}
                      }
                    }
                  ],
                  "fixes": [
                    {
                      "description": {"text": "did you mean `size`?"},
                      "artifactChanges": [
                        {
                          "artifactLocation": {"uri": "my%20specs/faces.yaml"},
                          "replacements": [
                            {
                              "deletedRegion": {"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 13},
                              "insertedContent": {"text": "size"}
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "properties": {"severity": "error"}
                }
              ]
            }
          ]
        }

        """)
  }

  @Test(arguments: zip(Diagnostic.Severity.allCases, ["error", "warning", "note", "note"]))
  func `SARIF levels are mapped`(severity: Diagnostic.Severity, level: String) {
    let diagnostic = Diagnostic(Self.code, severity, "x", at: Self.span(1, 1..<2))
    let text = SARIFRenderer { _ in nil }.render([diagnostic])
    #expect(text.contains("\"level\": \"\(level)\""))
    #expect(text.contains("\"severity\": \"\(severity.rawValue)\""))
  }

  @Test func `SARIF names absolute paths as file URIs`() {
    let file = SourceFile(path: "/tmp/é:%.yaml", text: "x")
    let start = SourcePosition(line: 1, column: 1)
    let diagnostic = Diagnostic(
      Self.code, .error, "x", at: SourceSpan(file: file, start: start, end: start))
    let text = SARIFRenderer { _ in nil }.render([diagnostic])
    #expect(text.contains("\"uri\": \"file:///tmp/%C3%A9%3A%25.yaml\""))
  }

  @Test func `GitHub's commands are escaped, and leave out what is declared`() {
    #expect(
      GitHubRenderer().render([misspelled, declared]) == """
        ::error file=my specs/faces.yaml,line=2,endLine=2,col=9,endColumn=13,title=error[S202]::\
        `image` has no option `sise`: 100%25 "sure"%0A%0Amy specs/faces.yaml:1: a, b%0A\
        note: a note%0Ahelp: did you mean `size`?

        """)
    let file = SourceFile(path: "a:b,c%\r\n.yaml", text: "x\ny")
    let several = SourceSpan(
      file: file, start: SourcePosition(line: 1, column: 1),
      end: SourcePosition(line: 2, column: 2))
    #expect(
      GitHubRenderer().render([Diagnostic(Self.code, .error, "a: b, c\r", at: several)])
        == "::error file=a%3Ab%2Cc%25%0D%0A.yaml,line=1,endLine=2,title=error[S202]::a: b, c%0D\n")
  }

  @Test(arguments: zip(Diagnostic.Severity.allCases, ["error", "warning", "notice", "notice"]))
  func `GitHub knows three severities`(severity: Diagnostic.Severity, command: String) {
    let diagnostic = Diagnostic(Self.code, severity, "x", at: Self.span(1, 1..<2))
    #expect(
      GitHubRenderer().render([diagnostic]) == """
        ::\(command) file=my specs/faces.yaml,line=1,endLine=1,col=1,endColumn=2,\
        title=\(severity.rawValue)[S202]::x

        """)
  }
}

extension String {
  fileprivate var quoted: String {
    let file = SourceFile(path: self, text: "")
    let start = SourcePosition(line: 1, column: 1)
    let text = JSONRenderer().render([
      Diagnostic(
        DiagnosticCode(rawValue: "x"), .error, "x",
        at: SourceSpan(file: file, start: start, end: start))
    ])
    let line = text.split(separator: "\n").first { $0.contains("\"file\": ") } ?? ""
    return String(line.drop { $0 == " " }.dropFirst("\"file\": ".count).dropLast())
  }
}
