import Pictures
import Testing

@Suite struct FlowTextTests {
  @Test func dotOfASmallSpec() throws {
    #expect(
      try graph(ofSpec: small).dot(title: "sm\"all\\") == """
        digraph "sm\\"all\\\\" {
          rankdir=LR
          fontname="Helvetica"
          node [fontname="Helvetica", shape=box, style="rounded,filled", fillcolor="#eef2f8"]
          edge [fontname="Helvetica", fontsize=10]
          subgraph cluster_discriminator {
            label="discriminator: 1 × 8 × 12 → 1"
            discriminator_input [label="image", shape=plaintext, style=solid]
            discriminator_0 [label="concatenate_labels1"]
            discriminator_1 [label="conv1\\n4 × 4, stride 2\\nleaky_relu"]
            discriminator_2 [label="dropout1"]
            discriminator_3 [label="max_pool1\\n2 × 2, stride 2"]
            discriminator_4 [label="flatten1"]
            discriminator_5 [label="linear1\\nsigmoid"]
            discriminator_output [label="real?", shape=plaintext, style=solid]
            discriminator_labels [label="5 labels", shape=plaintext, style=solid]
            discriminator_input -> discriminator_0 [label="1 × 8 × 12"]
            discriminator_labels -> discriminator_0 [style=dashed]
            discriminator_0 -> discriminator_1 [label="6 × 8 × 12"]
            discriminator_1 -> discriminator_2 [label="4 × 4 × 6"]
            discriminator_2 -> discriminator_3 [label="4 × 4 × 6"]
            discriminator_3 -> discriminator_4 [label="4 × 2 × 3"]
            discriminator_4 -> discriminator_5 [label="24"]
            discriminator_5 -> discriminator_output [label="1"]
          }
          subgraph cluster_generator {
            label="generator: 3 → 1 × 8 × 12"
            generator_input [label="z", shape=plaintext, style=solid]
            generator_0 [label="concatenate_labels1"]
            generator_1 [label="project1\\nbatch_norm, relu"]
            generator_2 [label="image\\n4 × 4, stride 2\\nconv_transpose, tanh"]
            generator_output [label="image", shape=plaintext, style=solid]
            generator_labels [label="5 labels", shape=plaintext, style=solid]
            generator_input -> generator_0 [label="3"]
            generator_labels -> generator_0 [style=dashed]
            generator_0 -> generator_1 [label="8"]
            generator_1 -> generator_2 [label="16 × 4 × 6"]
            generator_2 -> generator_output [label="1 × 8 × 12"]
          }
        }
        """)
  }

  @Test func mermaidOfASmallSpec() throws {
    #expect(
      try graph(ofSpec: small).mermaid == """
        flowchart TB
          subgraph generator["generator: 3 → 1 × 8 × 12"]
            generator_input(["z"])
            generator_0["concatenate_labels1"]
            generator_1["project1<br>batch_norm, relu"]
            generator_2["image<br>4 × 4, stride 2<br>conv_transpose, tanh"]
            generator_output(["image"])
            generator_labels(["5 labels"])
            generator_input -- "3" --> generator_0
            generator_labels -.-> generator_0
            generator_0 -- "8" --> generator_1
            generator_1 -- "16 × 4 × 6" --> generator_2
            generator_2 -- "1 × 8 × 12" --> generator_output
          end
          subgraph discriminator["discriminator: 1 × 8 × 12 → 1"]
            discriminator_input(["image"])
            discriminator_0["concatenate_labels1"]
            discriminator_1["conv1<br>4 × 4, stride 2<br>leaky_relu"]
            discriminator_2["dropout1"]
            discriminator_3["max_pool1<br>2 × 2, stride 2"]
            discriminator_4["flatten1"]
            discriminator_5["linear1<br>sigmoid"]
            discriminator_output(["real?"])
            discriminator_labels(["5 labels"])
            discriminator_input -- "1 × 8 × 12" --> discriminator_0
            discriminator_labels -.-> discriminator_0
            discriminator_0 -- "6 × 8 × 12" --> discriminator_1
            discriminator_1 -- "4 × 4 × 6" --> discriminator_2
            discriminator_2 -- "4 × 4 × 6" --> discriminator_3
            discriminator_3 -- "4 × 2 × 3" --> discriminator_4
            discriminator_4 -- "24" --> discriminator_5
            discriminator_5 -- "1" --> discriminator_output
          end
        """)
  }
}
