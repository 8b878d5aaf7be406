"""What assistants may ask, by the Model Context Protocol: the API's own questions, as tools."""
