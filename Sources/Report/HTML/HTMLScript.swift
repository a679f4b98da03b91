/// The page's only script: filters by verdict and name, and keys to walk through the list. It reads the page and makes
/// nothing from text, so nothing that was under review can become a part of it.
enum HTMLScript {
  static let text = """
    'use strict';
    document.documentElement.classList.add('js');
    const units = Array.from(document.querySelectorAll('.unit'));
    const boxes = Array.from(document.querySelectorAll('.filters input[type=checkbox]'));
    const search = document.getElementById('search');
    const shown = document.getElementById('shown');
    const files = Array.from(document.querySelectorAll('section.file'));
    function filter() {
      const wanted = new Set(boxes.filter(box => box.checked).map(box => box.value));
      const text = search.value.toLowerCase();
      let count = 0;
      for (const unit of units) {
        const name = unit.dataset.name.toLowerCase();
        unit.hidden = !wanted.has(unit.dataset.verdict) || !name.includes(text);
        if (!unit.hidden) count += 1;
      }
      for (const file of files) {
        const own = file.querySelectorAll('.unit');
        file.hidden = own.length > 0 && Array.from(own).every(unit => unit.hidden);
      }
      shown.textContent = count + ' of ' + units.length + ' shown';
    }
    for (const box of boxes) box.addEventListener('change', filter);
    search.addEventListener('input', filter);
    function step(by) {
      const open = units.filter(unit => !unit.hidden);
      if (open.length === 0) return;
      const at = open.findIndex(unit => unit.contains(document.activeElement));
      const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : Math.min(open.length - 1, Math.max(0, at + by));
      const summary = open[next].querySelector('summary');
      summary.focus();
      summary.scrollIntoView({ block: 'nearest' });
    }
    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target === search) {
        if (event.key === 'Escape') { search.value = ''; filter(); search.blur(); }
        return;
      }
      if (event.key === 'j') step(1);
      else if (event.key === 'k') step(-1);
      else if (event.key === 'o') {
        const unit = units.find(unit => unit.contains(document.activeElement));
        if (unit) unit.open = !unit.open;
      } else if (event.key === 'a') {
        const visible = units.filter(unit => !unit.hidden);
        const close = visible.every(unit => unit.open);
        for (const unit of visible) unit.open = !close;
      } else if (event.key === '/') search.focus();
      else return;
      event.preventDefault();
    });
    window.addEventListener('beforeprint', () => { for (const unit of units) unit.open = true; });
    filter();
    """
}
