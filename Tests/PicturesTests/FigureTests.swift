import Foundation
import LayerGraph
import Testing

@testable import Pictures

@Suite struct FigureTests {
  private static let shipped = [
    "example64", "faces64", "fashion-mnist", "imagenet32", "lsun64", "mnist-classifier",
    "mnist-conditional", "mnist", "svhn32",
  ]

  @Test func wholePictureOfASmallSpec() throws {
    let svg = try graph(ofSpec: small).svg(title: "a < b & \"c\"")
    let style = try #require(svg.range(of: "<style>")).lowerBound
    let end = try #require(svg.range(of: "</style>\n")).upperBound
    #expect(
      svg[..<style] + svg[end...] == """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 608 630" width="608" height="630" role="img">
        <title>a &lt; b &amp; &quot;c&quot;</title>
        <rect class="paper" width="100%" height="100%"/>
        <text class="title" x="28" y="44">a &lt; b &amp; &quot;c&quot;</text>
        <text class="heading" x="28" y="88">Generator</text>
        <text class="caption" x="120.5" y="88">3,361 parameters, 9,216 multiply-adds an image</text>
        <polygon class="fan" points="39,178.2 39,159.2 89.1,156 89.1,196"/>
        <polygon class="vector" points="28,178.2 39,178.2 39,159.2 28,159.2"/>
        <polygon class="g-front" points="89.1,196 102.3,196 102.3,156 89.1,156"/>
        <polygon class="g-top" points="89.1,156 102.3,156 123.9,141.3 110.7,141.3"/>
        <polygon class="g-side" points="102.3,196 123.9,181.3 123.9,141.3 102.3,156"/>
        <line class="sheet" x1="95.7" y1="196" x2="95.7" y2="156"/>
        <line class="sheet" x1="95.7" y1="156" x2="117.3" y2="141.3"/>
        <polygon class="g-front" points="201.2,207.4 207.2,207.4 207.2,150.8 201.2,150.8"/>
        <polygon class="g-top" points="201.2,150.8 207.2,150.8 237.7,130 231.7,130"/>
        <polygon class="g-side" points="207.2,207.4 237.7,186.6 237.7,130 207.2,150.8"/>
        <line class="ray" x1="113.1" y1="168.7" x2="201.2" y2="193.2"/>
        <line class="ray" x1="113.1" y1="168.7" x2="201.2" y2="164.9"/>
        <line class="edge" x1="201.2" y1="193.2" x2="201.2" y2="164.9"/>
        <circle class="point" cx="113.1" cy="168.7" r="2.4"/>
        <text class="shape middle" x="33.5" y="229.4">3</text>
        <text class="shape middle" x="106.5" y="229.4">16 × 4 × 6</text>
        <text class="shape middle" x="219.4" y="229.4">1 × 8 × 12</text>
        <text class="end middle" x="33.5" y="150.2">z</text>
        <text class="end middle" x="219.4" y="121">image</text>
        <text class="labels middle" x="64.1" y="253.4">+ 5 labels</text>
        <text class="word middle" x="64.1" y="268.4">project</text>
        <text class="word middle" x="64.1" y="283.4">batch_norm</text>
        <text class="word middle" x="64.1" y="298.4">relu</text>
        <text class="word middle" x="162.5" y="253.4">conv_transpose</text>
        <text class="word middle" x="162.5" y="268.4">4 × 4, stride 2</text>
        <text class="word middle" x="162.5" y="283.4">tanh</text>
        <text class="heading" x="28" y="338.4">Discriminator</text>
        <text class="caption" x="152.8" y="338.4">413 parameters, 9,240 multiply-adds an image</text>
        <polygon class="fan" points="267.9,433.2 267.9,404.9 322.8,413.5 322.8,424.5"/>
        <polygon class="d-front" points="45.3,457.7 51.3,457.7 51.3,401.1 45.3,401.1"/>
        <polygon class="d-top" points="45.3,401.1 51.3,401.1 81.8,380.4 75.8,380.4"/>
        <polygon class="d-side" points="51.3,457.7 81.8,436.9 81.8,380.4 51.3,401.1"/>
        <polygon class="d-front" points="130.3,446.4 136.9,446.4 136.9,406.4 130.3,406.4"/>
        <polygon class="d-top" points="130.3,406.4 136.9,406.4 158.5,391.7 151.9,391.7"/>
        <polygon class="d-side" points="136.9,446.4 158.5,431.7 158.5,391.7 136.9,406.4"/>
        <polygon class="d-front" points="253.7,438.4 260.3,438.4 260.3,410.1 253.7,410.1"/>
        <polygon class="d-top" points="253.7,410.1 260.3,410.1 275.5,399.7 268.9,399.7"/>
        <polygon class="d-side" points="260.3,438.4 275.5,428 275.5,399.7 260.3,410.1"/>
        <polygon class="vector" points="322.8,424.5 333.8,424.5 333.8,413.5 322.8,413.5"/>
        <polygon class="patch" points="61.5,436.6 71.6,429.7 71.6,401.4 61.5,408.4"/>
        <line class="ray" x1="61.5" y1="436.6" x2="130.3" y2="426.4"/>
        <line class="ray" x1="71.6" y1="429.7" x2="130.3" y2="426.4"/>
        <line class="ray" x1="71.6" y1="401.4" x2="130.3" y2="426.4"/>
        <line class="ray" x1="61.5" y1="408.4" x2="130.3" y2="426.4"/>
        <circle class="point" cx="130.3" cy="426.4" r="2.4"/>
        <polygon class="patch" points="144.1,431.5 151.3,426.6 151.3,406.6 144.1,411.5"/>
        <line class="ray" x1="144.1" y1="431.5" x2="253.7" y2="424.2"/>
        <line class="ray" x1="151.3" y1="426.6" x2="253.7" y2="424.2"/>
        <line class="ray" x1="151.3" y1="406.6" x2="253.7" y2="424.2"/>
        <line class="ray" x1="144.1" y1="411.5" x2="253.7" y2="424.2"/>
        <circle class="point" cx="253.7" cy="424.2" r="2.4"/>
        <text class="shape middle" x="63.6" y="479.7">1 × 8 × 12</text>
        <text class="shape middle" x="144.4" y="479.7">4 × 4 × 6</text>
        <text class="shape middle" x="264.6" y="479.7">4 × 2 × 3</text>
        <text class="shape middle" x="328.3" y="479.7">1</text>
        <text class="end middle" x="63.6" y="371.4">image</text>
        <text class="end middle" x="328.3" y="404.5">real?</text>
        <text class="labels middle" x="106.1" y="503.7">+ 5 labels</text>
        <text class="word middle" x="106.1" y="518.7">conv</text>
        <text class="word middle" x="106.1" y="533.7">4 × 4, stride 2</text>
        <text class="word middle" x="106.1" y="548.7">leaky_relu</text>
        <text class="word middle" x="106.1" y="563.7">dropout</text>
        <text class="word middle" x="206.1" y="503.7">max_pool</text>
        <text class="word middle" x="206.1" y="518.7">2 × 2, stride 2</text>
        <text class="word middle" x="299.2" y="503.7">flatten</text>
        <text class="word middle" x="299.2" y="518.7">linear</text>
        <text class="word middle" x="299.2" y="533.7">sigmoid</text>
        <text class="caption" x="28" y="601.7">Sides of the boxes: square roots of channels (to the right), height (up) and width (back).</text>
        </svg>
        """)
  }

  /// Made by `dcgan-compile lsun64 --emit svg > docs/lsun64.svg`.
  @Test func pictureInTheDocsIsTheOneThatIsDrawn() throws {
    let kept = try String(contentsOf: package.appending(path: "docs/lsun64.svg"), encoding: .utf8)
    #expect(try graph(ofShipped: "lsun64").svg(title: "lsun64") + "\n" == kept)
  }

  @Test(arguments: shipped)
  func textsNeverOverlap(_ name: String) throws {
    try expectReadable(Figure(graph(ofShipped: name), title: name))
  }

  @Test func textsNeverOverlapInOddNetworks() throws {
    try expectReadable(Figure(graph(ofSpec: small), title: "small"))
    let wide = small.replacingOccurrences(
      of: "    - dropout: 0.3\n",
      with: String(repeating: "    - conv: {filters: 1000, kernel: 1, stride: 1}\n", count: 40))
    try expectReadable(Figure(graph(ofSpec: wide), title: String(repeating: "long ", count: 40)))
  }

  private func expectReadable(_ figure: Figure) {
    for (index, text) in figure.texts.enumerated() {
      #expect(text.left >= 0 && text.left + text.width <= figure.width, "\(text.text)")
      #expect(text.anchor.y - text.style.size >= 0 && text.anchor.y < figure.height, "\(text.text)")
      for other in figure.texts[..<index] {
        let isBeside =
          text.left + text.width <= other.left || other.left + other.width <= text.left
        let isApart = abs(text.anchor.y - other.anchor.y) >= max(text.style.size, other.style.size)
        #expect(isBeside || isApart, "\(text.text) on \(other.text)")
      }
    }
  }

  @Test(arguments: shipped)
  func boxesStandSideBySide(_ name: String) throws {
    let graph = try graph(ofShipped: name)
    let figure = Figure(graph, title: name)
    let fronts = figure.items.filter { item in
      if case .polygon(_, let style) = item {
        return [.generatorFront, .discriminatorFront, .vector].contains(style)
      }
      return false
    }
    let shapes = graph.networks.reduce(0) { $0 + $1.transitions.count + 1 }
    #expect(fronts.count == shapes)
  }
}
