/// How the page looks, and what moves in it; all of it is in the page itself.
enum RunPageStyle {
  static let css = """
    :root { color-scheme: light dark; --paper: #ffffff; --card: #f6f8fa; --ink: #1f2328; --soft: #59636e;
      --rule: #d1d9e0; --d: #b35900; --g: #0969da; --e: #7d4fc4; --bad: #cf222e; --good: #1a7f37 }
    @media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --card: #151b23; --ink: #e6edf3;
      --soft: #9da7b3; --rule: #3d444d; --d: #f0a35e; --g: #79b3ff; --e: #c297ff; --bad: #ff7b72;
      --good: #56d364 } }
    * { box-sizing: border-box }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Helvetica Neue",
      Arial, sans-serif }
    main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 64px }
    h1 { font-size: 28px; margin: 0; overflow-wrap: anywhere }
    h2 { font-size: 20px; margin: 44px 0 12px }
    h3 { font-size: 15px; margin: 0 0 6px }
    p { margin: 0 0 10px }
    .soft, figcaption { color: var(--soft); font-size: 14px }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 10px;
      margin: 20px 0 0 }
    .tile { background: var(--card); border-radius: 8px; padding: 10px 14px }
    .tile b { display: block; font-size: 21px; font-variant-numeric: tabular-nums }
    .tile span { color: var(--soft); font-size: 13px }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 28px }
    figure { margin: 0; min-width: 0 }
    .keys { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 14px; font-variant-numeric: tabular-nums }
    .key i { display: inline-block; width: 14px; height: 3px; vertical-align: middle; margin-right: 6px;
      background: currentColor }
    .key b { color: var(--ink); display: inline-block; min-width: 3.4em }
    .at { color: var(--soft); margin-left: auto }
    .key.d, .line.d, .band.d { color: var(--d) } .key.g, .line.g, .band.g { color: var(--g) }
    .key.e, .line.e, .band.e { color: var(--e) }
    .frame { position: relative; height: 200px; margin: 8px 0 0 44px }
    .plot, .plot svg { width: 100%; height: 100%; display: block }
    .ticks span { position: absolute; right: calc(100% + 8px); transform: translateY(-50%); font-size: 12px;
      color: var(--soft); font-variant-numeric: tabular-nums }
    .rule { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke }
    .line { fill: none; stroke: currentColor; stroke-width: 2; vector-effect: non-scaling-stroke;
      stroke-linejoin: round }
    .band { fill: currentColor; fill-opacity: 0.16; stroke: none }
    .cursor { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; visibility: hidden }
    .steps { display: flex; justify-content: space-between; margin-left: 44px; font-size: 12px;
      color: var(--soft); font-variant-numeric: tabular-nums }
    .sheet { display: flex; flex-wrap: wrap; gap: 14px 24px; align-items: flex-start }
    .sheet img { width: min(100%, 560px); height: auto; image-rendering: pixelated; background: var(--card);
      border-radius: 4px }
    .sheet .side { flex: 1; min-width: 240px }
    input[type=range] { width: 100%; accent-color: var(--g) }
    button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--rule);
      border-radius: 6px; padding: 4px 14px; cursor: pointer }
    .picture { overflow-x: auto; background: var(--paper) } .picture img { max-width: 100%; min-width: 460px; height: auto }
    pre { background: var(--card); border-radius: 8px; padding: 12px 14px; overflow-x: auto; font: 13px/1.5
      ui-monospace, "DejaVu Sans Mono", monospace; margin: 0 0 12px }
    table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; width: 100% }
    th, td { text-align: left; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--rule); vertical-align: top;
      overflow-wrap: anywhere }
    th { color: var(--soft); font-weight: 500 } td.n, th.n { text-align: right }
    .codes td:first-child, .codes th:first-child { white-space: nowrap }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 12px 40px }
    .finding { border-left: 4px solid var(--bad); padding: 2px 0 2px 12px; margin: 0 0 10px }
    .fine { border-left-color: var(--good) }
    code { font: 0.92em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
    @media (max-width: 480px) { main { padding: 16px 12px 40px } h1 { font-size: 23px } }
    @media print { button, input[type=range] { display: none } }
    """

  static let script = """
    for (const chart of document.querySelectorAll('.chart')) {
      const values = JSON.parse(chart.dataset.values), last = Number(chart.dataset.last);
      const numbers = chart.querySelectorAll('.key b'), at = chart.querySelector('.at');
      const cursor = chart.querySelector('.cursor'), frame = chart.querySelector('.frame');
      const rest = [...numbers].map(b => b.textContent), restAt = at.textContent;
      frame.addEventListener('pointermove', event => {
        const box = frame.getBoundingClientRect(), places = values[0].length;
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        const place = Math.round(share * (places - 1));
        numbers.forEach((b, i) => { const v = values[i][place]; b.textContent = v === null ? '–' : v.toPrecision(3); });
        at.textContent = 'step ' + Math.round((place + 1) / places * last).toLocaleString('en');
        const x = places === 1 ? 50 : place / (places - 1) * 100;
        cursor.setAttribute('x1', x); cursor.setAttribute('x2', x); cursor.style.visibility = 'visible';
      });
      frame.addEventListener('pointerleave', () => {
        numbers.forEach((b, i) => { b.textContent = rest[i]; });
        at.textContent = restAt; cursor.style.visibility = 'hidden';
      });
    }
    const sheet = document.querySelector('.sheet');
    if (sheet) {
      const images = JSON.parse(document.getElementById('sheets').textContent);
      const slider = sheet.querySelector('input'), picture = sheet.querySelector('img');
      const label = sheet.querySelector('.epoch'), play = sheet.querySelector('button');
      const show = () => {
        const image = images[slider.value];
        picture.src = 'data:image/png;base64,' + image.png; label.textContent = 'epoch ' + image.epoch;
        picture.alt = 'Samples after epoch ' + image.epoch;
      };
      slider.addEventListener('input', show);
      let timer = null;
      play.addEventListener('click', () => {
        if (timer) { clearInterval(timer); timer = null; play.textContent = 'Play'; return; }
        if (Number(slider.value) === images.length - 1) { slider.value = 0; show(); }
        play.textContent = 'Stop';
        timer = setInterval(() => {
          if (Number(slider.value) < images.length - 1) { slider.value++; show(); }
          if (Number(slider.value) === images.length - 1) { clearInterval(timer); timer = null; play.textContent = 'Play'; }
        }, 400);
      });
    }
    """
}
