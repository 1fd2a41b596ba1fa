import { render } from 'preact';
import { App } from './app.js';
import './styles/colors.css';
import './styles/page.css';
import './styles/bar.css';
import './styles/lists.css';
import './styles/tables.css';
import './styles/forms.css';
import './styles/event.css';
import './styles/narrow.css';

render(<App />, document.body);
