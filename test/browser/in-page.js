// What runs inside the page: measures that only a browser can take. Set as the global `measure`.
const hex = (color) =>
  `#${[...color.matchAll(/[\d.]+/g)]
    .slice(0, 3)
    .map(([channel]) => Math.round(Number(channel)).toString(16).padStart(2, '0'))
    .join('')}`;

const opaque = (color) => !/^rgba\(.*, 0\)$|^transparent$/.test(color);

function groundOf(element) {
  for (let one = element; one; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (opaque(backgroundColor)) return hex(backgroundColor);
  }
  return '#ffffff';
}

function boxOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const { left, right, top, bottom } = range.getBoundingClientRect();
  return { left, right, top: top + scrollY, bottom: bottom + scrollY };
}

/** Every text that is drawn. */
function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { currentNode: node } = walker;
    const element = node.parentElement;
    const box = boxOf(node);
    if (node.data.trim() === '' || box.right - box.left === 0) continue;
    const { color, direction } = getComputedStyle(element);
    found.push({ text: node.data.trim(), color: hex(color), ground: groundOf(element), direction, box });
  }
  return found;
}

/** What reaches beyond the window's left or right edge. */
function overflows() {
  const { scrollWidth } = document.scrollingElement;
  const width = document.documentElement.clientWidth;
  const beyond = [...document.body.querySelectorAll('*')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.left < -0.5 || box.right > width + 0.5)
    .map(({ element }) => element.outerHTML.slice(0, 120));
  return [...(scrollWidth > width ? [`scrolls to ${scrollWidth} of ${width}`] : []), ...beyond];
}

const sideOf = (box, { left, right }) => (box.left - left <= right - box.right ? 'left' : 'right');

function contentOf(element) {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  const { left, right } = element.getBoundingClientRect();
  return { left: left + Number.parseFloat(paddingLeft), right: right - Number.parseFloat(paddingRight) };
}

/** On which side of its element each line of text begins. */
function sides(selector) {
  return [...document.querySelectorAll(selector)].flatMap((element) =>
    [...element.textContent.matchAll(/.+/g)].map(({ index, 0: line }) => {
      const range = document.createRange();
      range.setStart(element.firstChild, index);
      range.setEnd(element.firstChild, index + line.length);
      return sideOf(range.getBoundingClientRect(), contentOf(element));
    }),
  );
}

/** Pixels of about this colour between two heights, in the left and in the right half of a picture. */
async function pixels({ data, color, top, bottom }) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const wanted = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const count = (x) => {
    const { data: bytes } = context.getImageData(x, top, image.width / 2, Math.max(1, bottom - top));
    let found = 0;
    for (let at = 0; at < bytes.length; at += 4) {
      if (wanted.every((channel, index) => Math.abs(channel - bytes[at + index]) < 12)) found++;
    }
    return found;
  };
  return { left: count(0), right: count(image.width / 2) };
}

globalThis.measure = { texts, overflows, sides, pixels, selected: () => getSelection().toString() };
