// Another program than ours: a window in which something always moves.
const { app, BrowserWindow } = require('electron');
const page = `<canvas width="900" height="600"></canvas><script>
const pen = document.querySelector('canvas').getContext('2d');
window.draw = (now) => {
  pen.clearRect(0, 0, 900, 600);
  for (let at = 0; at < 300; at++) {
    pen.fillStyle = 'hsl(' + ((at * 7 + now / 20) % 360) + ' 70% 50%)';
    pen.fillRect(450 + 400 * Math.cos(now / 900 + at), 300 + 250 * Math.sin(now / 700 + at * 1.3), 12, 12);
  }
};
</script>`;
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 920, height: 640 });
  void window.loadURL(`data:text/html,${encodeURIComponent(page)}`);
});
